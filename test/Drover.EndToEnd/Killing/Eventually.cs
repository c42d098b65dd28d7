using Drover.EndToEnd.Rehearsal;

namespace Drover.EndToEnd.Killing;

/// <summary>Waits for what another process brings about.</summary>
internal static class Eventually
{
    /// <param name="what">What is waited for, for the failure's message; made when it is needed.</param>
    public static async Task True(Func<bool> condition, Func<string> what, TimeSpan? bound = null)
    {
        var limit = bound ?? Bounds.DefaultTimeout;
        using var late = new CancellationTokenSource(limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"not within {limit}: {what()}");
            }
        }
    }
}
