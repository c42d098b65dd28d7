namespace Drover.Node;

/// <summary>The machine's own clocks. Unlike the time of day nobody sets them.</summary>
public static class BootClock
{
    private const int Monotonic = 1, Boottime = 7;

    /// <summary>A new one each time the machine starts; a pid means nothing under another.</summary>
    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Time since the machine started, while it was awake.</summary>
    public static TimeSpan Awake => Read(Monotonic);

    /// <summary>Time since the machine started, sleep included.</summary>
    public static TimeSpan SinceBoot => Read(Boottime);

    /// <summary>How long the machine has slept since it started. A growing value is a sleep that has just ended.</summary>
    public static TimeSpan Asleep
    {
        get
        {
            // Two clocks are read one after the other: what lies below this is their distance, not sleep.
            var asleep = SinceBoot - Awake;
            return asleep < TimeSpan.FromMilliseconds(10) ? TimeSpan.Zero : asleep;
        }
    }

    private static TimeSpan Read(int clock)
    {
        if (Native.ClockGetTime(clock, out var time) != 0) throw new IOException($"clock {clock} cannot be read");
        return TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100));
    }
}
