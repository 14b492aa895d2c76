package io.cotidal.objects.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Agreed.Base;
import io.cotidal.objects.state.Agreed.Form;
import io.cotidal.objects.state.ContainerState;
import io.cotidal.objects.state.Imprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("what was agreed of containers, in a folder that two daemons share")
@Timeout(30)
final class AgreementsTest {
  private static final ContainerName ONE = new ContainerName("AUTH_test", "one");
  private static final ContainerName TWO = new ContainerName("AUTH_test", "two ü\n");

  @TempDir private Path folder;

  private static Agreed live(ContainerName name) {
    Imprint empty = ContainerState.of(Map.of()).imprint(name);
    TreeMap<MemberId, Base> bases = new TreeMap<>();
    bases.put(
        new MemberId("east"), new Base.Held(empty, Optional.empty(), "", "", "yesterday", true));
    return new Agreed(new Form.Live(empty), "", bases);
  }

  private static Agreed dead(ContainerName name) {
    return new Agreed(
        new Form.Tombstone(new Timestamp(170_000_000_000_000L)), "", live(name).bases());
  }

  @Test
  @DisplayName("who stood by while another one led goes by what that one wrote")
  void takenOver() throws Exception {
    Agreements leads = Agreements.open(folder);
    leads.keep(ONE, Optional.of(live(ONE)));
    Agreements stoodBy = Agreements.open(folder);
    leads.keep(ONE, Optional.of(dead(ONE)));
    leads.keep(TWO, Optional.of(live(TWO)));

    stoodBy.again(ONE);
    assertThat(stoodBy.of(ONE)).hasValue(dead(ONE));
    stoodBy.refresh();
    assertThat(stoodBy.names()).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(stoodBy.of(TWO)).hasValue(live(TWO));

    leads.keep(ONE, Optional.empty());
    stoodBy.refresh();
    assertThat(stoodBy.names()).containsExactly(TWO);
    stoodBy.keep(TWO, Optional.of(dead(TWO)));
    leads.again(TWO);
    assertThat(leads.of(TWO)).hasValue(dead(TWO));
  }

  @Test
  @DisplayName("a folder that is gone is not one in which nothing was agreed on")
  void gone() throws Exception {
    Agreements all = Agreements.open(folder.resolve("state"));
    all.keep(ONE, Optional.of(live(ONE)));
    Files.move(folder.resolve("state"), folder.resolve("elsewhere"));
    assertThatThrownBy(() -> all.again(ONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not there any more");
    assertThatThrownBy(all::refresh).isInstanceOf(IOException.class);
    assertThat(all.of(ONE)).hasValue(live(ONE));
  }

  @Test
  @DisplayName("a document that cannot be understood is told with its place")
  void broken() throws Exception {
    Agreements all = Agreements.open(folder);
    all.keep(ONE, Optional.of(live(ONE)));
    Path file = folder.resolve(Layout.digest(ONE) + ".json");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> all.again(ONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("restore it from a backup");
  }
}
