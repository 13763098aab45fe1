// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

/** One row of a stream; ids sort by age ({@code ms-n}). */
public record StreamEntry(String id, String value) {}
