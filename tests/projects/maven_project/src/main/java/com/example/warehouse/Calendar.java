package com.example.warehouse;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Days and durations. */
public final class Calendar {
  public LocalDateTime due(LocalDateTime start, Duration lead) {
    return start.plus(lead);
  }

  public Duration elapsed(OffsetDateTime start, OffsetDateTime end) {
    return Duration.between(start, end);
  }

  public OffsetDateTime inUtc(OffsetDateTime moment) {
    return moment.withOffsetSameInstant(ZoneOffset.UTC);
  }

  public LocalDate nextWorkingDay(LocalDate day) {
    LocalDate next = day.plusDays(1);
    while (next.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0) {
      next = next.plusDays(1);
    }
    return next;
  }

  public Duration total(List<Duration> parts) {
    return parts.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
