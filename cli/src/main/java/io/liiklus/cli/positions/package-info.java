/**
 * {@code positions}: takes positions out of a positions storage, and into one.
 *
 * <pre>
 *   ExportCommand   storage -> PositionsSet -> PositionsFile
 *   ImportCommand   PositionsFile -> PositionsSet -.
 *   CopyCommand     storage -> PositionsSet --------> PositionsTransfer -> storage
 *                                                       PositionsDifference   what is to be written
 *                                                       PositionsWriter       bounded batches
 *   PositionsStorages   opens storages as the gateway's settings configure them
 * </pre>
 *
 * <p>Only the port is known here, so any positions storage is a source and a target.
 */
package io.liiklus.cli.positions;
