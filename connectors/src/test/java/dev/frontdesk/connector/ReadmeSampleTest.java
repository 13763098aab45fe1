// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sample of {@code connectors/README.md}: its files are cut out of the page, compiled, and the
 * sample's test runs against the contract as any connector's does.
 */
class ReadmeSampleTest {

  /** A name in backquotes, on a line of its own or at the end of one, and the block below it. */
  private static final Pattern FILE =
      Pattern.compile(
          "`((?:src|docs)/[\\w./-]+)`[^\\n]*\\n\\n```\\w+\\n(.*?)\\n```\\n", Pattern.DOTALL);

  private static final String PACKAGE = "dev.frontdesk.connector.parley.";

  @TempDir static Path sources;
  private static URLClassLoader classes;
  private static Map<String, String> files;
  private static Object sample;

  @BeforeAll
  static void build() throws Exception {
    files = extract(Files.readString(Path.of("README.md")));
    Path output = Files.createDirectory(sources.resolve("classes"));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = sources.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue() + "\n");
    }
    compile(output);
    // what the annotation processor of @AutoService writes in the build
    Path services = Files.createDirectories(output.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(ConnectorFactory.class.getName()), PACKAGE + "ParleyConnector$Factory\n");
    URL resources = sources.resolve("src/test/resources/").toUri().toURL();
    classes =
        new URLClassLoader(
            new URL[] {output.toUri().toURL(), resources}, ReadmeSampleTest.class.getClassLoader());
    sample =
        classes.loadClass(PACKAGE + "ParleyConnectorTest").getDeclaredConstructor().newInstance();
    inSampleLoader(BeforeAll.class);
  }

  @AfterAll
  static void close() throws Exception {
    inSampleLoader(AfterAll.class);
    classes.close();
  }

  @Test
  void sample_isThreeFilesAndItsPayloads() {
    assertThat(files.keySet())
        .containsExactly(
            "src/main/java/dev/frontdesk/connector/parley/ParleyConnector.java",
            "src/test/java/dev/frontdesk/connector/parley/ParleyConnectorTest.java",
            "src/test/resources/payloads/parley/text.json",
            "src/test/resources/payloads/parley/text.json.events",
            "src/test/resources/payloads/parley/malformed-without-user.json",
            "docs/parley.md");
  }

  @Test
  void sample_hasAPageLikeEveryOther() throws Exception {
    ConnectorFactory<?> factory = ((ConnectorContract) sample).factory();

    ConnectorPagesTest.requirePage(factory, files.get("docs/parley.md"));
  }

  @TestFactory
  Stream<DynamicTest> sample_keepsTheContract() {
    List<Method> tests = new ArrayList<>();
    for (Method method : ConnectorContract.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        tests.add(method);
      }
    }
    assertThat(tests).hasSizeGreaterThan(20);
    return tests.stream()
        .map(
            test ->
                dynamicTest(
                    test.getName(),
                    () -> {
                      inSampleLoader(BeforeEach.class);
                      try {
                        inSampleLoader(test);
                      } finally {
                        inSampleLoader(AfterEach.class);
                      }
                    }));
  }

  private static Map<String, String> extract(String page) {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher matcher = FILE.matcher(page);
    while (matcher.find()) {
      found.put(matcher.group(1), matcher.group(2));
    }
    return found;
  }

  private static void compile(Path output) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> units =
          files.keySet().stream().filter(f -> f.endsWith(".java")).map(sources::resolve).toList();
      List<String> options =
          List.of(
              "--release",
              "17",
              "-proc:none",
              "-Xlint:all,-processing,-serial,-classfile,-path",
              "-Werror",
              "-cp",
              System.getProperty("java.class.path"),
              "-d",
              output.toString());
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(units))
              .call();

      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }

  private static void inSampleLoader(Class<? extends Annotation> kind) throws Exception {
    for (Method method : ConnectorContract.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(kind)) {
        inSampleLoader(method);
      }
    }
  }

  private static void inSampleLoader(Method method) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(classes);
    try {
      method.setAccessible(true);
      method.invoke(sample);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Error error ? error : new AssertionError(e.getCause());
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
