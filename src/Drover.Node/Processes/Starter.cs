using System.Collections.Concurrent;
using System.Diagnostics;

namespace Drover.Node.Processes;

/// <summary>The one thread that starts programs which must not outlive this process. The kernel's signal on a parent's death, by which a sandbox ends with its starter, is
/// sent when the <em>thread</em> that started it ends, and those of the pool come and go.</summary>
internal static class Starter
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process?> Started)> s_orders = [];

    static Starter() => new Thread(Work) { IsBackground = true, Name = "starter" }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Task<Process?> Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process?>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_orders.Add((start, started));
        return started.Task;
    }

    private static void Work()
    {
        foreach (var (start, started) in s_orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or FileNotFoundException)
            {
                started.SetException(e);
            }
        }
    }
}
