// SPDX-License-Identifier: Apache-2.0
/** The store on Redis: the scripts, the one connection room, and the server we start ourselves. */
@NullMarked
package dev.frontdesk.gateway.store.redis;

import org.jspecify.annotations.NullMarked;
