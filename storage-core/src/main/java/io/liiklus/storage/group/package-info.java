/**
 * Groups of a storage: where their partitions begin and resume.
 *
 * <p>A storage asks for the stored positions first and for its log's ranges after them, and {@link
 * io.liiklus.storage.group.StartOffsets} decides.
 */
package io.liiklus.storage.group;
