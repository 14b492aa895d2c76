package io.cotidal.postgres.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.MemberId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ControlFileTest {
  @Property
  void anyBytesAreReadOrRefused(@ForAll @Size(max = 400) byte[] bytes) {
    try {
      assertThat(ControlFile.parse(bytes).state()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("control file");
    }
  }

  @Property
  void fieldsLieWhereTheServerPutsThem(
      @ForAll long id, @ForAll long checkpoint, @ForAll @IntRange(max = 6) int state) {
    ByteBuffer file = ByteBuffer.allocate(8192).order(ByteOrder.nativeOrder());
    file.putLong(0, id).putInt(8, 1800).putInt(16, state).putLong(32, checkpoint).putInt(48, 9);
    ControlFile control = ControlFile.parse(file.array());
    assertThat(control.systemId()).isEqualTo(id);
    assertThat(control.checkpoint()).isEqualTo(checkpoint);
    assertThat(control.timeline()).isEqualTo(9);
    assertThat(control.clean()).isEqualTo(state == 1 || state == 2);
  }

  @Test
  void anotherVersionIsRefused() {
    ByteBuffer file = ByteBuffer.allocate(8192).order(ByteOrder.nativeOrder());
    file.putInt(8, 1900);
    assertThatThrownBy(() -> ControlFile.parse(file.array())).hasMessageContaining("1900");
  }

  @Property
  void slotNamesFitTheServer(@ForAll @IntRange(max = 62) int length) {
    String name = "a" + "-".repeat(length);
    assertThat(SlotNames.of(new MemberId(name))).matches("[a-z0-9_]{1,63}");
  }

  @Test
  void slotNamesDiffer() {
    assertThat(SlotNames.of(new MemberId("a"))).isEqualTo("a");
    assertThat(SlotNames.of(new MemberId("a-b")))
        .isNotEqualTo(SlotNames.of(new MemberId("a.b")))
        .isNotEqualTo(SlotNames.of(new MemberId("a_b")));
  }
}
