// SPDX-License-Identifier: Apache-2.0
/** Which node does a workspace's background work. */
@NullMarked
package dev.frontdesk.gateway.lease;

import org.jspecify.annotations.NullMarked;
