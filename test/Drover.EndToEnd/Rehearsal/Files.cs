using System.Diagnostics;

namespace Drover.EndToEnd.Rehearsal;

internal static class Files
{
    /// <summary>Waits until another process has made this file.</summary>
    public static async Task Appear(string path)
    {
        using var bound = new CancellationTokenSource(Bounds.DefaultTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(path)) await timer.WaitForNextTickAsync(bound.Token);
    }

    /// <summary>Waits until there is no such process any more, or only its entry in the table is left.</summary>
    public static async Task EndOf(int pid)
    {
        using var bound = new CancellationTokenSource(Bounds.DefaultTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (IsAlive(pid)) await timer.WaitForNextTickAsync(bound.Token);
    }

    private static bool IsAlive(int pid)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-o", "stat=", "-p", $"{pid}"]) { RedirectStandardOutput = true })!;
        var state = ps.StandardOutput.ReadToEnd().Trim();
        ps.WaitForExit();
        return state.Length > 0 && state[0] != 'Z';
    }
}
