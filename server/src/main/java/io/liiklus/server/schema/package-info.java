/**
 * JSON schemas of events: the gateway's own {@link io.liiklus.api.RecordPreProcessor}.
 *
 * <pre>
 *   SchemaSource --&gt; SchemaReload --&gt; SchemaDocument  --&gt; JsonSchemaPreProcessor
 *   file, class path, HTTP            by type: schema          |
 *                                                       EventReader: type and JSON of a record
 * </pre>
 *
 * Schemas are the operator's and trusted not to be endless; values are anybody's, and all that they
 * cost has a bound. The library of schemas is used in this package alone.
 */
package io.liiklus.server.schema;
