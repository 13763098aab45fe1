// SPDX-License-Identifier: Apache-2.0
/** HTTP and its limits: who may call, what is refused, how problems look. No business. */
@NullMarked
package dev.frontdesk.gateway.edge;

import org.jspecify.annotations.NullMarked;
