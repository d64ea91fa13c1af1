export type Role = 'read' | 'service' | 'ops';
