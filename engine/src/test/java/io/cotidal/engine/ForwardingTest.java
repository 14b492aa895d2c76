package io.cotidal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ForwardingTest {
  @Test
  @DisplayName(
      "Whatever an operation type can be asked is forwarded: no default of its own is left")
  void everything() {
    List<Method> asked =
        Arrays.stream(OperationType.class.getDeclaredMethods())
            .filter(method -> !method.isSynthetic())
            .toList();
    assertThat(asked).isNotEmpty();
    assertThat(asked)
        .allSatisfy(method ->
            assertThat(
                    Forwarding.class.getDeclaredMethod(
                        method.getName(), method.getParameterTypes()))
                .isNotNull());
  }
}
