/** What is stored of a password. The names are Kratos', so that rows can be moved between the two. */
export interface PasswordCredential {
  readonly hashed_password?: string;
  readonly use_password_migration_hook?: boolean;
}
