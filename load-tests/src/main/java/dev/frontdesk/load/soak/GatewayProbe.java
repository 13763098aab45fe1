// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.frontdesk.gateway.client.GatewayProcess;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Memory of a gateway's JVM, seen from outside by JMX: the agent for it is loaded into the process
 * when the probe attaches, users start none. Used by one thread.
 */
final class GatewayProbe implements AutoCloseable {

  private final JMXConnector connector;
  private final MBeanServerConnection server;
  private final MemoryMXBean memory;
  private final List<BufferPoolMXBean> pools;
  private final List<ObjectName> collectors;

  /** Attaches to a gateway of the same user. */
  @SuppressWarnings("BanJNDI") // the address is that of a process this run has started
  GatewayProbe(GatewayProcess gateway) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(gateway.pid()));
      String address;
      try {
        address = machine.startLocalManagementAgent();
      } finally {
        machine.detach();
      }
      this.connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
      this.server = connector.getMBeanServerConnection();
      this.memory = ManagementFactory.getPlatformMXBean(server, MemoryMXBean.class);
      this.pools = ManagementFactory.getPlatformMXBeans(server, BufferPoolMXBean.class);
      this.collectors =
          List.copyOf(
              server.queryNames(ObjectName.getInstance("java.lang:type=GarbageCollector,*"), null));
    } catch (IOException
        | AttachNotSupportedException
        | javax.management.MalformedObjectNameException e) {
      throw new IllegalStateException("no management of the gateway's JVM", e);
    }
  }

  /** Heap in use now, bytes. */
  long heap() {
    return memory.getHeapMemoryUsage().getUsed();
  }

  /** Buffers outside of the heap, bytes. */
  long direct() {
    return pools.stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /**
   * Heap in use once the JVM has collected all of it, bytes; some 0.1 s. Without asking for it what
   * became garbage while it was old stands in every figure until a marking of G1, which a heap that
   * is small against its bound does not need for half an hour: it looks like a leak of 6 MB a
   * minute. What survives a collection of young objects adds up to 10 MB under load, so of those
   * that ended meanwhile the smallest counts.
   */
  double collected() {
    Map<ObjectName, Long> before = new HashMap<>();
    collectors.forEach(
        collector -> last(collector).ifPresent(info -> before.put(collector, number(info))));
    memory.gc();
    return collectors.stream()
        .flatMap(
            collector ->
                last(collector)
                    .filter(info -> number(info) > before.getOrDefault(collector, 0L))
                    .stream())
        .mapToDouble(info -> heapOf((TabularData) info.get("memoryUsageAfterGc")))
        .min()
        .orElse(Double.NaN);
  }

  /** How many this collector had made with it. */
  private static long number(CompositeData info) {
    return (Long) info.get("id");
  }

  private Optional<CompositeData> last(ObjectName collector) {
    try {
      return Optional.ofNullable((CompositeData) server.getAttribute(collector, "LastGcInfo"));
    } catch (IOException | javax.management.JMException e) {
      throw new IllegalStateException("no collections of the gateway's JVM", e);
    }
  }

  /** The pools of the collected heap; others are code and classes. */
  private static double heapOf(TabularData pools) {
    double sum = 0;
    for (Object row : pools.values()) {
      CompositeData pool = (CompositeData) row;
      String name = (String) pool.get("key");
      boolean isHeap = name.contains("Eden") || name.contains("Survivor") || name.contains("Old");
      sum += isHeap ? (Long) ((CompositeData) pool.get("value")).get("used") : 0;
    }
    return sum;
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException gone) {
      // the gateway has ended before
    }
  }
}
