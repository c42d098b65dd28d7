using Drover.Server.Host;
using Xunit;

namespace Drover.Server.Tests.Loops;

public sealed class WakeTests
{
    [Fact]
    public async Task Output_wakes_and_asks_for_no_look_at_everything()
    {
        var wake = new Wake();
        wake.TakeThorough();

        wake.SignalOutput();

        await wake.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(wake.TakeThorough());
    }

    [Fact]
    public async Task A_signal_among_output_is_not_lost()
    {
        var wake = new Wake();
        wake.TakeThorough();

        wake.SignalOutput();
        wake.Signal();
        wake.SignalOutput();

        await wake.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(wake.TakeThorough());
        Assert.False(wake.TakeThorough());
    }

    [Fact]
    public void The_first_look_is_one_at_everything() => Assert.True(new Wake().TakeThorough());
}
