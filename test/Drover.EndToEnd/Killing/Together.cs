using System.Collections.Concurrent;

namespace Drover.EndToEnd.Killing;

/// <summary>Runs the cases of a theory a few at a time, since each of them mostly waits for others; every case still passes or fails by itself.</summary>
internal sealed class Together<T>(IEnumerable<T> all, Func<T, Task> run) where T : notnull
{
    private const int AtOnce = 3;

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly ConcurrentDictionary<T, Lazy<Task>> _running = new();

    /// <summary>The end of this case. The first call starts all of them; one that was not among them is started by itself.</summary>
    public Task Of(T one)
    {
        foreach (var item in _running.IsEmpty ? all : []) _ = Started(item);
        return Started(one);
    }

    private Task Started(T item) => _running.GetOrAdd(item, i => new(() => Task.Run(() => InPlace(i)))).Value;

    private async Task InPlace(T item)
    {
        await _places.WaitAsync();
        try
        {
            await run(item);
        }
        finally
        {
            _places.Release();
        }
    }
}
