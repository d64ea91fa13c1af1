{{- define "waybill.labels" -}}
app.kubernetes.io/name: waybill
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "waybill.selector" -}}
app.kubernetes.io/name: waybill
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "waybill.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "waybill.temporalSettings" -}}
- name: TEMPORAL_ADDRESS
  value: {{ .Values.temporal.address | quote }}
- name: TEMPORAL_NAMESPACE
  value: {{ .Values.temporal.namespace | quote }}
{{- if .Values.temporal.apiKey }}
- name: TEMPORAL_API_KEY_FILE
  value: /run/secrets/waybill/temporal_api_key
{{- end }}
{{- if .Values.temporal.clientCertificate }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /run/secrets/waybill/temporal_client_cert
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /run/secrets/waybill/temporal_client_key
{{- end }}
{{- if .Values.temporal.privateAuthority }}
- name: TEMPORAL_TLS_SERVER_CA_CERT_PATH
  value: /run/secrets/waybill/temporal_server_ca
{{- end }}
{{- if .Values.temporal.serverName }}
- name: TEMPORAL_TLS_SERVER_NAME
  value: {{ .Values.temporal.serverName | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "waybill.settings" -}}
{{ include "waybill.temporalSettings" . }}
- name: WAYBILL_TASK_QUEUE
  value: {{ .Values.temporal.taskQueue | quote }}
- name: STRIPE_SECRET_KEY_FILE
  value: /run/secrets/waybill/stripe_secret_key
- name: WAYBILL_EVENTS_KEY_FILE
  value: /run/secrets/waybill/waybill_events_key
{{- if .Values.payloadKeys }}
- name: WAYBILL_PAYLOAD_KEYS_FILE
  value: /run/secrets/waybill/waybill_payload_keys
{{- end }}
{{- if .Values.tracesUrl }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .Values.tracesUrl | quote }}
{{- end }}
{{- end }}

{{/* `volumes` stands last: the API's pod adds one. */}}
{{- define "waybill.pod" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
volumes:
  - name: tmp
    emptyDir: {}
  - name: secrets
    secret: { secretName: {{ .Values.secretName }}, defaultMode: 0440 }
{{- end }}

{{/* `volumeMounts` stands last: the API's container adds one. */}}
{{- define "waybill.container" -}}
image: {{ include "waybill.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - name: tmp
    mountPath: /tmp
  - name: secrets
    mountPath: /run/secrets/waybill
    readOnly: true
{{- end }}
