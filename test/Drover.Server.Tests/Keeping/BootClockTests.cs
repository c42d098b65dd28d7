using System.Globalization;
using Drover.Node;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class BootClockTests
{
    [Fact]
    public void The_clock_agrees_with_the_kernel()
    {
        var before = BootClock.SinceBoot;
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        var after = BootClock.SinceBoot;

        Assert.InRange(uptime, before.TotalSeconds - 0.02, after.TotalSeconds + 0.02);
        Assert.True(Guid.TryParse(BootClock.BootId, out _));
    }
}
