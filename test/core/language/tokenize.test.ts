import { describe, expect, it } from 'vitest';
import { pieces, tokenize } from '../../../core/language/tokenize.ts';

describe('tokenize', () => {
  it('cuts Chinese into words, long ones with the words within', () => {
    expect(tokenize('零基础学短视频剪辑')).toEqual(expect.arrayContaining(['零基础', '短视频', '剪辑']));
    expect(tokenize('数据分析课程')).toEqual(['数据', '分析', '数据分析', '课程']);
  });

  it('reads traditional Chinese as simplified', () => {
    expect(tokenize('攝影課程')).toEqual(tokenize('摄影课程'));
    expect(tokenize('軟體')).toEqual(['软件']);
  });

  it('leaves mainland terms alone', () => {
    expect(tokenize('序列')).toEqual(['序列']);
  });

  it('stems English whatever the case and width', () => {
    expect(tokenize('Courses RUNNING')).toEqual(tokenize('course run'));
    expect(tokenize('ＰＹＴＨＯＮ')).toEqual(['python']);
    expect(tokenize("Beginner's café")).toEqual(tokenize('beginner cafe'));
  });

  it('keeps the names of technologies whole', () => {
    expect(tokenize('C++、C# and .NET, Node.js; Vue.js 3.5.')).toEqual(
      expect.arrayContaining(['c++', 'c#', '.net', 'node.js', 'vue.js', '3.5']),
    );
    expect(tokenize('I know C.')).toEqual(['i', 'know', 'c']);
  });

  it('parts mixed text', () => {
    expect(tokenize('Python入门')).toEqual(['python', '入门']);
    expect(pieces('学Excel图表')).toEqual(['学', 'excel', '图表']);
  });

  it('gives nothing for nothing', () => {
    expect(tokenize('')).toEqual([]);
    expect(tokenize(' …!? 🎉 ')).toEqual([]);
  });
});
