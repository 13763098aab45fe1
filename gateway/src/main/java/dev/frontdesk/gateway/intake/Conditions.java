// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.validator.CelValidator;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.RegexLiteralValidator;
import dev.frontdesk.config.RuleCheck;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compiles the {@code when} of triage rules: CEL, type-checked against what rules may look at.
 *
 * <p>Cost is bounded: a condition has at most 4,096 characters and nests 32 deep, a comprehension
 * makes 1,000 rounds, and regular expressions are RE2's, so linear. Stateless and thread-safe.
 */
public final class Conditions implements RuleCheck {

  // Fields are declared as qualified names, not as maps: a misspelled field is then a problem at
  // start instead of an error at each message, and evaluating builds no map.
  private static final List<String> TEXTS =
      List.of(
          "message.text",
          "message.kind",
          "message.language",
          "contact.id",
          "contact.name",
          "customer.tier",
          "channel.id",
          "channel.connector",
          "channel.family");

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(4_096)
          .maxParseRecursionDepth(32)
          .comprehensionMaxIterations(1_000)
          .maxRegexProgramSize(2_000)
          .build();

  /** Made at first use: a few hundred milliseconds on a cold JVM that most starts can save. */
  private static final class Cel {
    static final CelCompiler COMPILER = compiler();
    static final CelRuntime RUNTIME =
        CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();
    static final CelValidator VALIDATOR =
        CelValidatorFactory.standardCelValidatorBuilder(COMPILER, RUNTIME)
            .addAstValidators(RegexLiteralValidator.INSTANCE)
            .build();

    private static CelCompiler compiler() {
      CelCompilerBuilder builder =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(OPTIONS)
              .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
              .setResultType(SimpleType.BOOL)
              .addVar("customer.attributes", MapType.create(SimpleType.STRING, SimpleType.STRING));
      TEXTS.forEach(name -> builder.addVar(name, SimpleType.STRING));
      return builder.build();
    }
  }

  @Override
  public List<String> problems(String condition, Set<String> flags) {
    try {
      checked(condition, flags);
      return List.of();
    } catch (CelValidationException e) {
      return e.getErrors().stream().map(issue -> described(issue, flags)).distinct().toList();
    }
  }

  /**
   * A condition ready to be evaluated.
   *
   * @throws IllegalArgumentException if it has problems
   */
  CelRuntime.Program compile(String condition, Set<String> flags) {
    try {
      return Cel.RUNTIME.createProgram(checked(condition, flags));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalArgumentException("the condition does not compile", e);
    }
  }

  private static CelAbstractSyntaxTree checked(String condition, Set<String> flags)
      throws CelValidationException {
    CelAbstractSyntaxTree tree = compiler(flags).compile(condition).getAst();
    CelValidationResult validated = Cel.VALIDATOR.validate(tree);
    return validated.getAst();
  }

  private static CelCompiler compiler(Set<String> flags) {
    if (flags.isEmpty()) {
      return Cel.COMPILER;
    }
    CelCompilerBuilder builder = Cel.COMPILER.toCompilerBuilder();
    flags.forEach(name -> builder.addVar(name, SimpleType.BOOL));
    return builder.build();
  }

  private static String described(CelIssue issue, Set<String> flags) {
    String message = issue.getMessage();
    if (message.contains("undeclared reference to 'hours")) {
      return "hours.<calendar> names no calendar, expected one of " + names(flags, HOURS);
    }
    if (message.contains("undeclared reference to 'words")) {
      return "words.<table> names no word table, expected one of " + names(flags, WORDS);
    }
    String text = message.replaceAll(" \\(in container '[^']*'\\)", "").replaceAll("\\s+", " ");
    boolean unknown = text.startsWith("undeclared reference");
    return "column "
        + (issue.getSourceLocation().getColumn() + 1)
        + ": "
        + (text.length() > 200 ? text.substring(0, 200) + "…" : text)
        + (unknown ? ", expected " + String.join(", ", TEXTS) + " or customer.attributes" : "");
  }

  private static String names(Set<String> flags, String prefix) {
    String names =
        flags.stream()
            .filter(flag -> flag.startsWith(prefix))
            .map(flag -> flag.substring(prefix.length()))
            .sorted()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }
}
