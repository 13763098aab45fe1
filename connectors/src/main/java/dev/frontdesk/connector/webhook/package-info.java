// SPDX-License-Identifier: Apache-2.0
/** The gateway's own plain form for any system that has no connector: signed JSON, both ways. */
@NullMarked
package dev.frontdesk.connector.webhook;

import org.jspecify.annotations.NullMarked;
