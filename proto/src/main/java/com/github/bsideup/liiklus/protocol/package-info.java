/**
 * The wire contract: what protoc makes of {@code LiiklusService.proto}. The package's name and all
 * names and numbers are those that clients of the original were generated from.
 */
package com.github.bsideup.liiklus.protocol;
