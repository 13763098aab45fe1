// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

/**
 * The name of one request, so that repeating it is harmless.
 *
 * @param id unique per workspace and caller
 * @param digest of the request's body: the same id with another digest is refused
 */
public record Operation(String id, String digest) {}
