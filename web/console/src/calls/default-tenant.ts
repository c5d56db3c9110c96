/** The id of the tenant that is always there, and meant where none is named. */
export const defaultTenantId = "6f737469-6172-8000-8000-000000000000";
