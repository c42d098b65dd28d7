using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

public sealed class StartGateTests
{
    private static readonly TimeSpan s_atOnce = TimeSpan.Zero;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_many_start_at_once_as_there_are_places()
    {
        using var gate = new StartGate(2);
        using var first = await gate.Enter(null, s_atOnce, Token);
        var second = await gate.Enter(null, s_atOnce, Token);

        Assert.Null(await gate.Enter(null, s_atOnce, Token));
        second!.Dispose();
        using var third = await gate.Enter(null, s_atOnce, Token);
        Assert.NotNull(third);
    }

    [Fact]
    public async Task What_must_start_alone_waits_for_its_home_and_takes_no_place_meanwhile()
    {
        using var gate = new StartGate(2);
        var first = await gate.Enter("/home/one", s_atOnce, Token);

        Assert.Null(await gate.Enter("/home/one", s_atOnce, Token));
        using var other = await gate.Enter("/home/two", s_atOnce, Token);
        Assert.NotNull(other);
        first!.Dispose();
        using var second = await gate.Enter("/home/one", s_atOnce, Token);
        Assert.NotNull(second);
    }

    [Fact]
    public async Task A_home_is_given_back_when_no_place_was_free()
    {
        using var gate = new StartGate(1);
        var only = await gate.Enter(null, s_atOnce, Token);
        Assert.Null(await gate.Enter("/home/one", s_atOnce, Token));
        only!.Dispose();

        using var now = await gate.Enter("/home/one", s_atOnce, Token);
        Assert.NotNull(now);
    }
}
