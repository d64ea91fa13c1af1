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
{{- with .Values.image.digest -}}
{{ $.Values.image.repository }}@{{ . }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
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
  {{- /* Helm reads a number as a float, and would write a million as 1e+06. */}}
  value: {{ kindIs "float64" $value | ternary (int64 $value) $value | quote }}
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

{{- define "waybill.apiSettings" -}}
{{ include "waybill.settings" . }}
- name: API_HOST
  value: {{ .Values.listenAddress | quote }}
- name: API_PORT
  value: {{ .Values.api.port | quote }}
- name: STRIPE_WEBHOOK_SECRETS_FILE
  value: /run/secrets/waybill/stripe_webhook_secrets
- name: WAYBILL_API_KEYS_FILE
  value: /run/secrets/waybill/waybill_api_keys
- name: WAYBILL_STATE_SECRET_FILE
  value: /run/secrets/waybill/waybill_state_secret
{{- if .Values.proxySecret }}
- name: WAYBILL_PROXY_SECRET_FILE
  value: /run/secrets/waybill/waybill_proxy_secret
{{- end }}
- name: WAYBILL_TRUSTED_PROXIES
  value: {{ .Values.trustedProxies | quote }}
{{- if .Values.auditLog.enabled }}
- name: WAYBILL_AUDIT_DIR
  value: /var/log/waybill/audit
{{- end }}
{{- end }}

{{- define "waybill.workerSettings" -}}
{{ include "waybill.settings" . }}
- name: WORKER_HEALTH_ADDRESS
  value: {{ include "waybill.listenAt" (dict "root" . "port" .Values.worker.healthPort) | quote }}
- name: WORKER_METRICS_ADDRESS
  value: {{ include "waybill.listenAt" (dict "root" . "port" .Values.worker.metricsPort) | quote }}
{{- end }}

{{/* `host:port` of a port at which pods listen; IPv6 in brackets. */}}
{{- define "waybill.listenAt" -}}
{{- $host := .root.Values.listenAddress -}}
{{ contains ":" $host | ternary (printf "[%s]" $host) $host }}:{{ .port }}
{{- end }}

{{/* Not empty: KEDA decides how many workers there are. A release of the API alone has none. */}}
{{- define "waybill.isScaled" -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.worker.replicas) 0) }}true{{ end }}
{{- end }}

{{/* Those of the values, and those by which a Prometheus without its operator finds the pod. */}}
{{- define "waybill.annotations" -}}
{{- $found := dict "prometheus.io/scrape" "true" "prometheus.io/port" (toString .port) -}}
{{- with merge (dict) .root.Values.podAnnotations (ternary (dict) $found .root.Values.podMonitors.enabled) -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "waybill.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "waybill.selector" . | nindent 8 }}
{{- end }}

{{- define "waybill.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .root.Release.Name }}-{{ .component }}
  labels:
    {{- include "waybill.labels" .root | nindent 4 }}
spec:
  maxUnavailable: 1
  # A pod that is not ready does nothing: it must not hold up its node.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "waybill.selector" . | nindent 6 }}
{{- end }}

{{/*
A pod gets only those keys of the secret whose files its settings name. `settings`: as they are rendered; empty where they name none, since a
volume without `items` would have all keys.
*/}}
{{- define "waybill.secretKeys" -}}
{{- range regexFindAll "/run/secrets/waybill/[-._a-zA-Z0-9]+" .settings -1 | uniq }}
- { key: {{ base . | quote }}, path: {{ base . | quote }} }
{{- end }}
{{- end }}

{{/* `volumes` stands last: the API's pod adds one. */}}
{{- define "waybill.pod" -}}
automountServiceAccountToken: false
securityContext:
  {{- toYaml .root.Values.podSecurityContext | nindent 2 }}
{{- with .root.Values.pod }}
{{ toYaml . }}
{{- end }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- with include "waybill.secretKeys" . }}
  - name: secrets
    secret:
      secretName: {{ $.root.Values.secretName }}
      defaultMode: 0440
      items:
        {{- trim . | nindent 8 }}
  {{- end }}
{{- end }}

{{/* `volumeMounts` stands last: the API's container adds one. */}}
{{- define "waybill.container" -}}
image: {{ include "waybill.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
env:
  {{- .settings | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- if include "waybill.secretKeys" . }}
  - name: secrets
    mountPath: /run/secrets/waybill
    readOnly: true
  {{- end }}
{{- end }}
