// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

/** A member of a sorted set and its score. */
public record Scored(String member, double score) {}
