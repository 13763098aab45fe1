// SPDX-License-Identifier: Apache-2.0
/** The public API as a client sees it: the example agent, the signed sender, the demo's people. */
@NullMarked
package dev.frontdesk.gateway.client;

import org.jspecify.annotations.NullMarked;
