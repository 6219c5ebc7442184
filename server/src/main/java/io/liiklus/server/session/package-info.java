/**
 * Sessions, their assignments and the acks, in terms of the storage ports alone.
 *
 * <p>A {@link io.liiklus.server.session.Session} is one Subscribe call: it opens one subscription
 * and knows which partitions that holds. {@link io.liiklus.server.session.Acks} brings positions to
 * their storage, one write at a time for each.
 */
package io.liiklus.server.session;
