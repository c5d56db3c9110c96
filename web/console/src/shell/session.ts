/** Whether the admin port asks for a key: commands then carry one. */
export const needsKey = (): boolean => false;
