/**
 * TLS of both ports, by files that may change.
 *
 * <pre>
 *   TlsReload --&gt; TlsFiles --&gt; TlsContents --&gt; ReloadingSslContext, one for each port
 * </pre>
 */
package io.liiklus.server.security.tls;
