using System.Diagnostics;
using System.Globalization;
using Drover.Core;

namespace Drover.Server.Host;

/// <summary>Makes the server die at a chosen <see cref="CrashPoint"/>, as a power cut of the process would: no clean-up, no flush.
/// Armed by <c>DROVER_CRASH_AT</c> (a point's name, or <c>Name:3</c> for the third time it is reached). Unarmed it costs one comparison.</summary>
internal sealed class Crash(CrashPoint? armed, int countdown)
{
    private int _left = countdown;

    public static Crash FromEnvironment(string? setting)
    {
        if (string.IsNullOrEmpty(setting)) return new(null, 0);
        var parts = setting.Split(':');
        if (!Enum.TryParse<CrashPoint>(parts[0], out var point))
            throw new FormatException($"DROVER_CRASH_AT: '{parts[0]}' is no crash point; known: {string.Join(", ", Enum.GetNames<CrashPoint>())}");
        return new(point, parts.Length > 1 ? int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) : 1);
    }

    public bool IsArmed(CrashPoint point) => armed == point;

    public void At(CrashPoint point)
    {
        if (armed != point || Interlocked.Decrement(ref _left) != 0) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        new ManualResetEventSlim().Wait();
    }
}
