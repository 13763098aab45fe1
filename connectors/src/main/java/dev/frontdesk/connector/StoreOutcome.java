// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

/** What became of the events of one webhook; only asked when all of them are durable. */
public record StoreOutcome(int stored, int duplicates, int ignored) {}
