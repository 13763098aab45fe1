// SPDX-License-Identifier: Apache-2.0
/** What is announced, told to those who listen: live views and endpoints of other systems. */
@NullMarked
package dev.frontdesk.gateway.event;

import org.jspecify.annotations.NullMarked;
