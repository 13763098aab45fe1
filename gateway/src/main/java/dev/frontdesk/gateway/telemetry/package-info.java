// SPDX-License-Identifier: Apache-2.0
/** What the gateway tells about itself: every metric and log field, declared once. */
@NullMarked
package dev.frontdesk.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
