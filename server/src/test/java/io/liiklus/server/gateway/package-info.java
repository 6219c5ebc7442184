/**
 * The gateway under test and what its tests talk to it by: its client, streams, raw HTTP/1 and
 * HTTP/2, and a watch over its log. Tests of the whole gateway are in the package above.
 */
package io.liiklus.server.gateway;
