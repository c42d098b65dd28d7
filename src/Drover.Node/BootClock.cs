namespace Drover.Node;

/// <summary>The machine's own clock. Unlike the time of day nobody sets it.</summary>
public static class BootClock
{
    private const int Boottime = 7;

    /// <summary>A new one each time the machine starts; a pid means nothing under another.</summary>
    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Time since the machine started, sleep included.</summary>
    public static TimeSpan SinceBoot => Native.ClockGetTime(Boottime, out var time) == 0
        ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100))
        : throw new IOException("the machine's clock cannot be read");
}
