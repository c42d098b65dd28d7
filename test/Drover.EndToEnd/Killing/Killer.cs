using Drover.EndToEnd.Rehearsal;

namespace Drover.EndToEnd.Killing;

/// <summary>Kills a server some times, each time at a random moment of its life: while it starts, or while it works.</summary>
internal sealed class Killer(Server server, Random random)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(800);

    public int Kills { get; } = random.Next(3, 8);

    public async Task Kill()
    {
        for (var n = 0; n < Kills; n++)
        {
            var before = server.Deaths;
            if (random.Next(4) > 0) await Eventually.True(server.Answers, () => $"the server is up again\n{server.Log}");
            // The moment itself is what the seed chooses; nothing is waited for here.
            await Task.Delay(Longest * random.NextDouble(), TimeProvider.System);
            server.Kill();
            await Eventually.True(() => server.Deaths > before, () => "the server is dead", Bounds.DefaultTimeout);
        }
    }
}
