package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** What was written after a command's name. */
public final class Arguments {
  private final ParseResult parsed;
  private final String usage;

  Arguments(ParseResult parsed, String usage) {
    this.parsed = parsed;
    this.usage = usage;
  }

  /** Whether the option stands there. */
  public boolean flag(String option) {
    return parsed.hasMatchedOption(option);
  }

  /** The option's value, if it stands there. */
  public Optional<String> text(String option) {
    @Nullable String value = parsed.matchedOptionValue(option, (String) null);
    return Optional.ofNullable(value);
  }

  /** The operand at {@code index}, counted from 0, if it stands there. */
  public Optional<String> operand(int index) {
    if (!parsed.hasMatchedPositional(index)) {
      return Optional.empty();
    }
    @Nullable String value = parsed.matchedPositionalValue(index, (String) null);
    return Optional.ofNullable(value);
  }

  /** The operand at {@code index} as a text. */
  public String needOperand(int index) {
    return operand(index)
        .orElseThrow(
            () -> Failure.usage("something is missing on the command line", "usage: " + usage));
  }

  /**
   * The operand at {@code index} as a resource, if it stands there.
   *
   * @throws Failure if it has another form
   */
  public Optional<ResourceId> resource(int index) {
    return operand(index).map(Arguments::resource);
  }

  /**
   * The operand at {@code index} as a resource.
   *
   * @throws Failure if it has another form
   */
  public ResourceId needResource(int index) {
    return resource(needOperand(index));
  }

  /**
   * The operand at {@code index} as an operation.
   *
   * @throws Failure if it has another form
   */
  public OperationId needOperation(int index) {
    try {
      return OperationId.parse(needOperand(index));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()), "cot op list shows them");
    }
  }

  private static ResourceId resource(String text) {
    try {
      return ResourceId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()), "cot get shows them");
    }
  }
}
