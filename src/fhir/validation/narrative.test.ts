import { expect, test } from 'vitest';
import { narrativeProblem } from './narrative.ts';

test.each([
  '<div/>',
  '<div xmlns="http://www.w3.org/1999/xhtml">血压 128/82 mmHg &lt; 140/90<br/></div>',
  '  <div><table class=\'grid\'><tr><td colspan="2">a > b</td></tr></table></div>\n',
  '<div><a href="#lab">化验</a><a href="https://example.org/a?b=c:d">x</a><a name="lab">y</a></div>',
  '<div><a href="Patient/1">x</a><a href="mailto:a@example.org">y</a><a href="urn:uuid:1">z</a></div>',
  '<div><img src="data:image/png;base64,iVBORw0KGgo=" alt="ECG"/><img src="#ecg" alt=""/></div>',
  '<div style="color: red; background-image: url(data: image/png;base64,iVBORw0KGgo=)">x</div>',
  '<div><!-- a - remark --><p>x</p><!----></div>',
])('%s is a narrative', (xhtml) => {
  expect(narrativeProblem(xhtml)).toBeUndefined();
});

test.each([
  ['', 'start with <div'],
  ['血压', 'start with <div'],
  ['<p>x</p>', 'start with <div'],
  ['<divide/>', 'start with <div'],
  ['<div>', 'close <div>'],
  ['<div><b>x</div></b>', 'not at "</div></b>"'],
  ['<div>x</div><div>y</div>', 'not at "<div>y</div>"'],
  ['<div>x</div>y', 'not at "y"'],
  ['<div>1 < 2</div>', 'not at "< 2</div>"'],
  ['<div><p nowrap>x</p></div>', 'not at "<p nowrap>'],
  ['<div><![CDATA[<script/>]]></div>', 'not at "<![CDATA['],
  ['<div><?php x ?></div>', 'not at "<?php'],
  ['<!DOCTYPE html><div/>', 'start with <div'],
  ['<div><!-- open </div>', 'not at "<!-- open'],
])('%s is no XHTML', (xhtml, problem) => {
  expect(narrativeProblem(xhtml)).toContain(problem);
});

test.each([
  '<div><script>alert(1)</script></div>',
  '<div><SCRIPT/></div>',
  '<div><iframe src="https://example.org"/></div>',
  '<div><object data="x"/></div>',
  '<div><form action="x"><input/></form></div>',
  '<div><svg onload="x"/></div>',
  '<div><style>*{}</style></div>',
  '<div onclick="x">y</div>',
  '<div><img src="x" ONERROR = \'x\'/></div>',
  '<div><a href="javascript:x">y</a></div>',
  '<div><a href=" JavaScript:x">y</a></div>',
  '<div><a href="java&#115;cript:x">y</a></div>',
  '<div><a href="java\nscript:x">y</a></div>',
  '<div><a href="vbscript:x">y</a></div>',
  '<div><a href="data:text/html,x">y</a></div>',
  '<div><img src="data:image/svg+xml,x"/></div>',
  '<div style="background: url(https://example.org/pixel)">x</div>',
  '<div style="width: expression(x)">x</div>',
  '<div style="background: u\\72l(x)">x</div>',
  '<div><!--> <script>x</script> --></div>',
  '<div><!---> <script>x</script> --></div>',
  '<div><!-- --!> <script>x</script> --></div>',
])('%s is refused, as it could run or load something', (xhtml) => {
  expect(narrativeProblem(xhtml)).toMatch(/^must /);
});

test('megabytes are read once', () => {
  expect(narrativeProblem(`<div>${'<b>x</b><!-- y -->'.repeat(200_000)}</div>`)).toBeUndefined();
  expect(narrativeProblem(`<div>${'<b>'.repeat(1_000_000)}`)).toBe('must close <b>');
  expect(narrativeProblem(`<div${' a="b"'.repeat(1_000_000)}></div>`)).toContain('must be one XHTML div');
  expect(narrativeProblem(`<div title="${'x'.repeat(10_000_000)}"/>`)).toBeUndefined();
  expect(narrativeProblem(`<div${' '.repeat(1_000_000)}x`)).toContain('must be one XHTML div');
  expect(narrativeProblem(`<div style="${'url(data:image/png,'.repeat(500_000)}"/>`)).toContain('style');
});
