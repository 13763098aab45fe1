// SPDX-License-Identifier: Apache-2.0
/** Which waiting conversation goes to which agent next: pure decisions about what was read. */
@NullMarked
package dev.frontdesk.gateway.domain.routing;

import org.jspecify.annotations.NullMarked;
