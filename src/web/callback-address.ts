/** Where a provider sends people back to. */
export function callbackAddress(
  { publicUrl, mountPath }: { readonly publicUrl: URL; readonly mountPath: string },
  provider: string,
): string {
  return `${publicUrl.origin}${mountPath}/callback/${provider}`;
}
