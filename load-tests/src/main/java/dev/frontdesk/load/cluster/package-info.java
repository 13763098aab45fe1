// SPDX-License-Identifier: Apache-2.0
/** Several gateways on a Redis Cluster or on a master with sentinels, and what happens to it. */
@NullMarked
package dev.frontdesk.load.cluster;

import org.jspecify.annotations.NullMarked;
