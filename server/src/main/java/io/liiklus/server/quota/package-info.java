/**
 * Shares of the gateway that principals may use: bytes a second each way, connections, sessions.
 *
 * <pre>
 *   QuotaRule --&gt; Quotas --&gt; PrincipalQuota --&gt; TokenBucket     one for each direction
 * </pre>
 *
 * <p>Above a rate, publishes wait and records are held back; past a count, a call is refused.
 * Nothing here knows of gRPC.
 */
package io.liiklus.server.quota;
