package io.liiklus.storage.sql.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SqlFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "08006, UNAVAILABLE",
    "08001, UNAVAILABLE",
    "57P01, UNAVAILABLE",
    "57P03, UNAVAILABLE",
    "57014, UNAVAILABLE",
    "40001, UNAVAILABLE",
    "40P01, UNAVAILABLE",
    "55P03, UNAVAILABLE",
    "53300, UNAVAILABLE",
    "25006, UNAVAILABLE",
    "25P03, UNAVAILABLE",
    "28P01, REFUSED",
    "28000, REFUSED",
    "42501, REFUSED",
    "42P01, PRECONDITION",
    "53100, EXHAUSTED",
    "53200, EXHAUSTED",
    "XX001, DATA_LOSS",
    "22021, INTERNAL",
    "42601, INTERNAL"
  })
  void stateOfPostgres_isItsKind(String state, Kind kind) {
    var failure = SqlFailures.of(new SQLException("text", state));
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.getMessage()).startsWith("PostgreSQL: text");
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE_BUSY, UNAVAILABLE",
    "SQLITE_BUSY_SNAPSHOT, UNAVAILABLE",
    "SQLITE_FULL, EXHAUSTED",
    "SQLITE_CORRUPT_INDEX, DATA_LOSS",
    "SQLITE_NOTADB, DATA_LOSS",
    "SQLITE_READONLY, REFUSED",
    "SQLITE_IOERR_FSYNC, UNAVAILABLE",
    "SQLITE_CONSTRAINT, INTERNAL"
  })
  void codeOfSqlite_isItsKind(SQLiteErrorCode code, Kind kind) {
    assertThat(SqlFailures.of(new SQLiteException("text", code)).kind()).isEqualTo(kind);
  }

  @Test
  void reasonBehindAPoolsTimeout_counts() {
    var refused = new SQLException("wrong password", "28P01");
    var timeout = new SQLTransientConnectionException("no connection within 2 s", null, 0, refused);
    assertThat(SqlFailures.of(timeout).kind()).isEqualTo(Kind.REFUSED);
    var alone = new SQLTransientConnectionException("no connection within 2 s");
    assertThat(SqlFailures.of(alone).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void hostThatIsNotKnown_isNamed() {
    var unknown = new UnknownHostException("db.example");
    var refused = new SQLException("The connection attempt failed.", "08001", unknown);
    assertThat(SqlFailures.ofConnect(refused, "db.example:5432/liiklus as user app"))
        .hasMessage(
            "PostgreSQL db.example:5432/liiklus as user app: The connection attempt failed."
                + " (unknown host db.example)");
  }

  @Test
  void ownFailure_staysWhatItIs() {
    var own = new StorageException(Kind.PRECONDITION, "text");
    assertThat(SqlFailures.of(new RuntimeException(own))).isSameAs(own);
  }

  @Test
  void commitIsKnownToHaveFailed_onlyWhereTheDatabaseSaysSo() {
    assertThat(SqlFailures.isRolledBack(new SQLException("", "40001"))).isTrue();
    assertThat(SqlFailures.isRolledBack(new SQLException("", "23505"))).isTrue();
    assertThat(SqlFailures.isRolledBack(new SQLException("", "25P03"))).isTrue();
    assertThat(SqlFailures.isRolledBack(new SQLException("", "08006"))).isFalse();
    assertThat(SqlFailures.isRolledBack(new SQLException("", "57P01"))).isFalse();
    assertThat(SqlFailures.isRolledBack(new SQLException("", "57014"))).isFalse();
    assertThat(SqlFailures.isRolledBack(new SQLException(""))).isFalse();
    assertThat(rolledBack(SQLiteErrorCode.SQLITE_FULL)).isTrue();
    assertThat(rolledBack(SQLiteErrorCode.SQLITE_IOERR_FSYNC)).isFalse();
  }

  private static boolean rolledBack(SQLiteErrorCode code) {
    return SqlFailures.isRolledBack(new SQLiteException("", code));
  }
}
