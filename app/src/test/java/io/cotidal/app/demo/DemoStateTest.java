package io.cotidal.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.remote.ProcessId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class DemoStateTest {
  @TempDir Path state;

  @Test
  void aDemoThatLivesIsFoundUntilItIsForgotten() throws Exception {
    var demo = new DemoState(ServerRegistry.self(), state.resolve("a b"), "http://127.0.0.1:7400/");
    demo.write(state);
    assertThat(DemoState.find(state)).contains(demo);
    demo.forget(state);
    assertThat(DemoState.find(state)).isEmpty();
  }

  @Test
  void aDemoThatWasKilledIsNotFound() throws Exception {
    long pid = ServerRegistry.self().pid();
    new DemoState(new ProcessId(pid, 1), state, "").write(state);
    assertThat(DemoState.find(state)).isEmpty();
  }

  @Test
  void breakWithoutADemoSaysHowToStartOne() {
    var out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Break.run(state, out)).hasMessageContaining("cot demo");
  }
}
