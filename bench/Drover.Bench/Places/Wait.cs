using System.Diagnostics;

namespace Drover.Bench.Places;

internal static class Wait
{
    /// <summary>Asks until it is so, and gives the time that it took.</summary>
    /// <exception cref="BenchException">It was not so within the bound.</exception>
    public static async Task<TimeSpan> Until(string what, TimeSpan bound, TimeSpan every, Func<bool> isSo)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > bound) throw new BenchException($"waited {bound.TotalSeconds:0} s in vain until {what}");
            await Task.Delay(every, TimeProvider.System);
        }

        return Stopwatch.GetElapsedTime(began);
    }
}
