using System.Collections.Concurrent;

namespace Drover.Server.Runs;

/// <summary>So many runs may be in their start-up phase at once: a machine that starts fifty agents together starts none of them in time. Of programs that do not
/// bear it, only one at a time starts in the same home.</summary>
internal sealed class StartGate(int places) : IDisposable
{
    private readonly SemaphoreSlim _places = new(places);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _homes = new(StringComparer.Ordinal);

    /// <summary>Null when no place has become free within the time.</summary>
    /// <param name="home">Where the program must be the only one that starts; null when it need not.</param>
    public async Task<IDisposable?> Enter(string? home, TimeSpan patience, CancellationToken ct)
    {
        var alone = home is null ? null : _homes.GetOrAdd(home, _ => new(1));
        if (alone is not null && !await alone.WaitAsync(patience, ct)) return null;
        var entered = false;
        try
        {
            entered = await _places.WaitAsync(patience, ct);
        }
        finally
        {
            if (!entered) alone?.Release();
        }

        return entered ? new Place(_places, alone) : null;
    }

    public void Dispose()
    {
        _places.Dispose();
        foreach (var home in _homes.Values) home.Dispose();
    }

    private sealed record Place(SemaphoreSlim Places, SemaphoreSlim? Alone) : IDisposable
    {
        public void Dispose()
        {
            Places.Release();
            Alone?.Release();
        }
    }
}
