/**
 * {@code records}: copies records from one storage into another.
 *
 * <pre>
 *   RecordsCopyCommand   opens both storages
 *     CopyPlanner -> TopicPlan      what becomes of each topic
 *     TopicCopy                     one topic, on the command's thread
 *       SourceListener              notifications of the source become tasks of that thread
 *       PartitionCopy               records on their way, in order
 *     CopyProgress -> CopyFile      how far it has come: survives the process
 *       OffsetMap                   offsets of the source to those of the target
 *     PositionsTranslation          positions of groups, once records are copied
 * </pre>
 *
 * <p>Only the ports are known here, so any records storage is a source and a target.
 */
package io.liiklus.cli.records;
